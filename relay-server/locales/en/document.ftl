# The document beside every step, and the steps Document and Prepare.
document = Document
tabs = What to show
tab-step = Step
tab-document = { $n ->
    [one] Document ({ $n } page)
   *[other] Document ({ $n } pages)
}
page-alt = Page { $n } of { $m }
page-caption = { $n } / { $m }
page-count = { $n ->
    [one] { $n } page
   *[other] { $n } pages
}
document-title = Title
document-size = Size
fingerprint = Fingerprint (SHA-256)
declared-name = Signer
deleted-at = Will be deleted
time-stamp = Time stamp
time-stamp-pending = Pending. The time-stamping authority has not answered yet and is asked again; the signature is good without. Download the signed PDF again later to have one with the time stamp.

read-title = Review the document
read-lead = This is the document you are going to sign. Read it to the last page, then go on.
read-many-title = Review all documents
read-many-lead = These are the documents you are going to sign at once. Read each to its last page, then go on.
read-next = Go on to prepare
read-continue = Go on with the signing
read-result = Open the result
read-original = Open the original PDF
delete = Delete this document
delete-many = Delete all of these documents
delete-ask = The document and its result are deleted from the server. This cannot be undone.
delete-ask-signing = It is being signed right now, and the card may be at the phone. If you delete it, this signature is not accepted. Your phone shows whether a password try was used.
delete-sure = Delete

prepare-title = Check what you need
prepare-lead = Put these three things within reach. “Next” shows a QR code and starts the ten minutes.
prepare-lead-iphone = Put these three things within reach. “Next” leads to “Open the app” and starts the ten minutes.
prepare-lead-android = Put these three things within reach. “Next” leads to “Open the app” and starts the ten minutes.
need-card = My Number card
need-card-why = With a signing certificate on it. The certificate inside a phone cannot be used.
need-phone = A phone with NFC and the Kazasu app
need-phone-why = It reads the QR code, then you hold the card to it. Take off its case and keep metal away.
need-phone-iphone = This iPhone (7 or later) and the Kazasu app
need-phone-why-iphone = The next page opens the app, and you lay the top edge of the iPhone on the card. Take off its case and keep metal away.
need-phone-android = This phone, with NFC, and the Kazasu app
need-phone-why-android = The next page opens the app, and you hold the card to the phone’s back. Turn on NFC in its settings, take off its case and keep metal away.
need-password = Signing certificate password (6 to 16 letters and digits)
need-password-why = You chose it at your city office. It is not the four-digit PIN. Five wrong tries in a row lock it.
consents-title = Please agree to these three points
consents-missing = You can go on once you agree to all three. Nothing was signed or sent.
consent-contents = I have read the document and agree to its contents.
consent-certificate = I agree to use the signing certificate on my My Number card. Whoever receives the signed PDF can see my name, address, date of birth and sex.
consent-terms = I agree to the terms of My Number card signing.
terms-link = Read the terms of My Number card signing
next = Next
next-caption = Please finish signing within 10 minutes
prepare-back = Back to the document
