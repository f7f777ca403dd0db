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
practice-hint = A practice phone is running. Copy the link and paste it there to try a signing without a card.
practice-open = Open the practice phone
qr-help = If you have trouble scanning the QR code, look here
stop = Stop signing
stop-ask = The card may be at the phone right now. If you stop, this signature is not accepted. Your phone shows whether a password try was used.
stop-sure = Stop

claimed-title = Go on with your phone
claimed-headline = Scanned. Please go on with your phone
claimed-body = Leave this page open. It goes on by itself when you are done.
claimed-not-you = If your own phone shows nothing, another device has scanned the code. Do not sign. Renew the QR code.
second-phone = Another device tried to scan this QR code too (E-QR-04). It was turned away. If it was not yours, do not sign, and renew the QR code.
delivered-title = Checking
delivered-headline = Received. Checking
delivered-body = We check that the signature fits the document and the certificate. This takes a few seconds.
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

no-script = This browser does not turn the page by itself. Press here after each step on your phone.
no-script-reload = Show the latest state
connection-lost = The connection to the server broke. Reconnecting. A signature that has arrived is not lost.

completed-title = Signed
completed-lead = Download the signed PDF and keep it. You can close the app on your phone.
completed-invalid-title = Signed, but something does not fit
completed-invalid-lead = Do not use the downloaded PDF as it is. “Show what was checked” below says what does not fit.
completed-at = Completed
download = Download the signed PDF
