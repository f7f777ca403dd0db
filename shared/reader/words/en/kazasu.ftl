# What `kazasu` says while it works. Failures are in failures.ftl, verdicts in verdict.ftl.

ask-password = Password of the signing certificate (6 to 16 letters and digits; not the 4-digit number):
ask-last-try = Tries left: { $left }. To go on, type how many tries are left:

step-reading-document = Reading the document
step-waiting-for-card = Put the card on the reader
step-talking-to-card = Talking to the card: do not move it
step-saving = Saving the signed document
step-stamping = Asking for a time stamp
step-fetching = Fetching the request
step-waiting-for-number = Waiting for the digits to be typed into the page. Ctrl-C stops
step-waiting-for-return = Go back to the browser and press 続ける (Continue)
step-beginning = Asking whether signing may begin
step-sending = Sending the signature: you may take the card away
step-checking = Delivered, being checked

card-reader = Card reader: { $name }
card-token = Card: { $token }
card-attempts = Password of the signing certificate (6 to 16 letters and digits): { $left }
card-authentication-attempts = Number of the authentication certificate (4 digits): { $left }
card-signing-certificate-present = Signing certificate: present
card-signing-certificate-absent = Signing certificate: none (a municipal office issues one)
card-signing-certificate-unknown = Signing certificate: the card does not say
card-authentication-until = Validity, as a hint: { $day } (that of the authentication certificate; the signing certificate's own can be read only with the password, and moving house or a new name ends it earlier)
attempts-left = { $left ->
    [1] 1 try left
   *[other] { $left } tries left
}
attempts-locked = locked
attempts-not-told = given already (the card does not tell the tries left)
token-my_number_card = My Number card
token-resident_card = resident card, the older kind (cannot sign)
token-android_phone = certificates of an Android phone (cannot sign)
token-iphone = certificates of an iPhone (cannot sign)
token-unknown = of an unknown kind

step-signing = Signing: { $done } of { $documents } done. Do not move the card
signed-of = { $signed } of { $documents } documents are signed and in their places.
not-signed = Not signed: { $path }
about-file = About { $path }:
signed-into = Signed document: { $path }
stamped-into = Stamped document: { $path }
stamped-signature = A time stamp stands in the signature.
stamped-document = A time stamp stands over the whole document.
not-stamped = There is no time stamp yet ({ $code }). The signature is good without; kazasu timestamp adds one later, and need not sign again.
unstamped = No time stamp from { $address }: { $why }
unstamped-unreachable = it cannot be reached
unstamped-too_slow = it took too long
unstamped-redirected = it sends on to another address, where nobody is asked
unstamped-not_admitted = it does not know who asks (see --timestamp-credentials)
unstamped-status = it answered with an error
unstamped-other_media_type = it answered something that is no time stamp

join-ask-link = Paste the link of the page's "Copy link"
join-number = Digits: { $number }. Type them only into a page whose address begins with { $origin }
join-number-warning = Is somebody asking you for these digits, on the telephone for instance? Then stop with Ctrl-C: nothing is signed.
join-open-return = Open this address in the browser where you pressed the button, and in no other: { $url }
join-origin-checked = Asked by: { $origin } (the address is checked, the name is not)
join-origin-unchecked = Asked by: { $origin } (a practice service on this machine)
join-document = Document: { $title } ({ $pages } pages; parties: { $parties })
join-declared-name = To be signed by: { $name }
join-fingerprint = Fingerprint, the same as on the page: { $fingerprint }
join-pages = Page images: { $folder } (deleted at the end)
join-ask-review = Have you looked at every page? If you do not know of this request, answer no [yes/no]
join-unopened = { $count } documents will be signed unopened. With --yes nobody is taken to have looked at them, and the record says so of each.
join-ask-consent = { $text } [yes/no]
join-ask-disclosure = With this signature everyone who receives the document sees your name, address, birth date and sex. Go on? [yes/no]
join-ask-again = The signature is kept. Send it once more? [yes/no]
tries-left = Tries left: { $left }
join-rehearsed = The card was looked at without a password. The result was delivered; the page on the computer will show it.
join-done = Signed. The page on the computer turns as well: { $titles }
join-declined = Declined.

stripped-into = Copy without signatures: { $path }
stripped-signatures = Signatures and time stamps taken out: { $count }
stripped-with-receipt = The copy carries a receipt; kazasu verify checks it.
stripped-without-receipt = The copy carries no receipt: by itself it proves nothing.

# What a visible stamp says.
stamp-label = Signed by
stamp-reason = Reason: { $reason }
stamp-time = Claimed time: { $time }
