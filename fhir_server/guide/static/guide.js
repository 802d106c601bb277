"use strict";
// Without it everything can be read; it adds the choice of language, tabs, and the search.
(function () {
  const root = document.documentElement;
  const home = document.currentScript.src;

  // ── language: ?lang=zh|en|both, kept for the next page ──
  const kept = (value) => {
    try {
      if (value) localStorage.setItem("guide-language", value);
      return localStorage.getItem("guide-language");
    } catch { return null; }
  };
  const asked = new URLSearchParams(location.search).get("lang");
  const known = ["both", "zh", "en"];
  let language = known.includes(asked) ? kept(asked) || asked : kept() || "both";
  if (!known.includes(language)) language = "both";
  const languages = document.querySelector(".languages");
  const speak = (value) => {
    root.dataset.language = value;
    root.lang = value === "en" ? "en" : "zh-CN";
    for (const b of languages.querySelectorAll("button")) b.setAttribute("aria-pressed", String(b.dataset.lang === value));
  };
  languages.hidden = false;
  languages.addEventListener("click", (event) => {
    const value = event.target.dataset.lang;
    if (value) { kept(value); speak(value); }
  });
  speak(language);

  // ── on a phone the sections scroll: show where we are ──
  document.querySelector("header nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // ── the three views of a profile as tabs ──
  for (const group of document.querySelectorAll("[data-views]")) {
    const views = [...group.querySelectorAll("[data-view]")];
    const tabs = document.createElement("div");
    tabs.className = "tabs";
    tabs.setAttribute("role", "tablist");
    const show = (view) => {
      views.forEach((v, i) => {
        v.hidden = v !== view;
        tabs.children[i].setAttribute("aria-selected", String(v === view));
        tabs.children[i].tabIndex = v === view ? 0 : -1;
      });
    };
    views.forEach((view, i) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.append(...[...view.querySelector("h3").childNodes].map((n) => n.cloneNode(true)));
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", view.id);
      view.setAttribute("role", "tabpanel");
      view.querySelector("h3").classList.add("unseen");
      tab.addEventListener("click", () => show(view));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        const next = views[(i + step + views.length) % views.length];
        show(next);
        tabs.children[views.indexOf(next)].focus();
      });
      tabs.append(tab);
    });
    group.prepend(tabs);
    const follow = () => {
      const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const view = target && views.find((v) => v === target || v.contains(target));
      if (view) { show(view); target.scrollIntoView(); }
    };
    show(views[0]);
    addEventListener("hashchange", follow);
    follow();
  }

  // ── search over all pages ──
  const form = document.querySelector(".search");
  const input = form.querySelector("input");
  const list = document.getElementById("found");
  let rows = null;
  let asking = false;
  let chosen = -1;
  window.guideIndex = (found) => {
    rows = found.map((row) => ({ row, title: `${row[1]} ${row[2]}`.toLowerCase(), text: row.join(" ").toLowerCase() }));
    look();
  };
  const load = () => {
    if (asking) return;
    asking = true;
    const script = document.createElement("script");
    script.src = new URL("search-index.js", home).href;
    document.head.append(script);
  };
  const rank = (each, words) => {
    let score = 0;
    for (const word of words) {
      if (!each.text.includes(word)) return 0;
      score += each.title.includes(word) ? 8 : 1;
      if (each.title.startsWith(word)) score += 4;
      if (each.row[0].toLowerCase().includes(word)) score += 3;
    }
    return score;
  };
  const look = () => {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    chosen = -1;
    const open = words.length > 0 && rows !== null;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) return;
    const found = rows.map((each) => [rank(each, words), each]).filter(([s]) => s > 0)
      .sort((a, b) => b[0] - a[0]).slice(0, 20);
    found.forEach(([, { row }], i) => {
      const item = document.createElement("li");
      item.setAttribute("role", "option");
      item.id = `found-${i}`;
      const link = document.createElement("a");
      link.href = new URL(row[0], home).href;
      link.tabIndex = -1;
      const kind = document.createElement("span");
      kind.className = "muted";
      kind.textContent = [row[1] && row[2], row[3]].filter(Boolean).join(" · ");
      link.append(row[1] || row[2], document.createElement("br"), kind);
      item.append(link);
      list.append(item);
    });
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "muted";
      none.textContent = "没有找到 / nothing found";
      list.append(none);
    }
  };
  const choose = (step) => {
    const items = [...list.querySelectorAll("[role=option]")];
    if (!items.length) return;
    chosen = (chosen + step + items.length) % items.length;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    items[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[chosen].id);
  };
  form.hidden = false;
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); look(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Escape") { input.value = ""; look(); }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const link = list.querySelector("[aria-selected=true] a") || list.querySelector("a");
    if (link) location.href = link.href;
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) list.hidden = true; });

  addEventListener("beforeprint", () => { for (const d of document.querySelectorAll("details")) d.open = true; });
})();
