# The steps QR, Phone and Done.
waiting-title = Scan the QR code
waiting-lead = Open the Kazasu app on your phone and scan this QR code. This page then goes on by itself.
unseen-title = Please renew the QR code
unseen-lead = The connection broke on the way, and this browser cannot show the QR code. “Renew the QR code” gives you a new ten minutes. Your document is unchanged.
qr-alt = QR code for signing. If you cannot scan it, use “Copy link”.
left = Left
waiting-late = Little time is left. “Renew the QR code” starts a new ten minutes.
renew = Renew the QR code
copy-link = Copy link
copied = Copied
practice-open = Open the practice phone
qr-help = If you have trouble scanning the QR code, look here
stop = Stop signing
stop-ask = The card may be at the phone right now. If you stop, this signature is not accepted. Your phone shows whether a password try was used.
stop-sure = Stop

launch-here = If you see this page on your phone, in place of the QR code
launch = Open the app
in-app-title = This page is open inside another app
in-app = The Kazasu app cannot be opened from here. Use “Copy link”, or start again from choosing the document in Safari or Chrome.
waiting-no-script = So that nobody can misuse a photograph of this page, the QR code changes every two seconds and is of no use some four seconds after it was shown. Please turn on JavaScript, or use “Copy link”.
practice-waiting = A practice phone is running. Paste the link that “Copy link” shows there, to try a signing without a card.
practice-ticket = Paste this link into the practice phone.
ticket-launch-title = Open the app
ticket-launch-lead = The button opens the Kazasu app. When you are done there, it brings you back to this browser.
ticket-launch-left = This button works for
ticket-launch-note = When the time is over, the QR code comes back.
ticket-over = The time is over, and this link works no more. The QR code comes back.
app-missing-title = The app does not seem to open
app-missing-install = If the Kazasu app is not on this phone, install it and press “Open the app” again.
app-missing-copy = If it is there and does not open, use “Copy link” and paste the link into the app.
app-missing-qr = If the app is on another phone, press “Back to the QR code” and scan the code with that phone.
ticket-copied-title = Copy the link
ticket-copied-lead = Paste the link into the Kazasu app on your phone.
ticket-copied-left = This link works for
ticket-copied-note = It works once. Do not send it to anybody else. When the time is over, the QR code comes back.
link-label = Link
session-left = Time left to sign
back-to-qr = Back to the QR code

number-title = Type the confirmation number
number-lead = Your phone shows six digits. Type them here.
number-taken = Scanned
number-label = Confirmation number (6 digits)
number-hint = For example 123 456. Never type a password or your card’s PIN here.
number-malformed = Please type six digits. This does not count as a wrong number.
number-wrong = { $n ->
    [one] That is not the number. You can try { $n } more time.
   *[other] That is not the number. You can try { $n } more times.
}
number-asked = Is somebody asking you for this number, for instance on the telephone? If so, stop here.
number-stop = Stop
number-not-you = If your own phone shows no number, another device has scanned the code. Do not type anything. Renew the QR code.
go-on = Go on

claimed-title = Go on with your phone
claimed-headline = Scanned. Please go on with your phone
claimed-body = Leave this page open. It goes on by itself when you are done.
claimed-lead = This page goes on by itself. If it does not, look at your phone.
claimed-not-you = If your own phone shows nothing, another device has scanned the code. Do not sign. Renew the QR code.
second-phone = Another device tried to scan this QR code too (E-QR-04). It was turned away. If it was not yours, do not sign, and renew the QR code.
delivered-title = Checking
delivered-headline = Received. Checking
delivered-body = We check that the signature fits the document and the certificate. This takes a few seconds.
matched-title = Go on with your phone
matched-headline = Please go on with your phone
fingerprint-compare = Fingerprint (your phone shows the same)
stage-scan = Scan
stage-meet = Making sure
stage-meet-doing = This page and your phone make sure of each other
stage-launch = Open the app
stage-return = Back to the browser
stage-return-doing = Press “Go on” on the page that opens
stage-read = Review
stage-read-doing = Reading the document on the phone
stage-password = Password
stage-password-doing = Typing the password on the phone
stage-card = Card
stage-card-doing = Hold the card to the phone and keep it there
stage-send = Send
stage-send-doing = You can take the card away. Sending the signature
stage-check = Done
stage-check-doing = Checking the signature

return-wait-title = Come back from the app to the browser
return-wait-lead = The Kazasu app opens a page in this browser. Press “Go on” there. If no page opens, look at the app.
return-title = Coming back from the app
return-lead = Connecting to the page where you began to sign.
return-no-script = JavaScript is off in this browser, so the app cannot lead you back. Nothing was signed. Go back to the page where you began, and use the QR code or “Copy link”.
return-nothing-title = There is nothing to come back to
return-nothing-lead = This page is opened by the Kazasu app. Nothing was signed. If you are in the middle of a signing, go back to its page.
return-confirm-title = Go on with signing this document?
return-confirm-lead = If you press “Go on”, the Kazasu app on this phone gets the document. Nothing is signed yet.
return-not-you = If you did not begin this, do not press it, and close this page. Nothing is signed.

no-script = This browser does not turn the page by itself. Press here after each step on your phone.
no-script-reload = Show the latest state
connection-lost = The connection to the server broke. Reconnecting. A signature that has arrived is not lost.

completed-title = Signed
completed-lead = Download the signed PDF and keep it. You can close the app on your phone.
completed-invalid-title = Signed, but something does not fit
completed-invalid-lead = Do not use the downloaded PDF as it is. “Show what was checked” below says what does not fit.
completed-at = Completed
download = Download the signed PDF
download-copy = Download a PDF without the signatures
download-copy-lead = To pass on to people who are no party to it. The electronic signatures go, and with them the name, address, birth date and sex; a receipt says what had been signed.
