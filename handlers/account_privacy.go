package handlers

// PrivacyVersion is the version of the privacy notice (the texts "legal.privacy"
// of the catalogue, shown by the templates legal and account/register_password).
// Whoever changes what the notice says raises it: a person's profile keeps which
// version it was shown (rules R5.9), and a test holds the texts against it.
const PrivacyVersion = 1
