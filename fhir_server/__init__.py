"""FHIR R4 server for two-way referrals (双向转诊) inside Chinese medical consortiums."""

__version__ = "0.1.0"
