# What stands around every page.
skip = Skip to the content
top-links = About this site
verify = Verify
help = Help
other-language = 日本語
rail = The five steps of a signing
rail-document = Document
rail-prepare = Prepare
rail-code = QR
rail-phone = Phone
rail-done = Done
rail-behind = { " " }(done)
footer-promise = You type your password only into the app on your phone. This page never asks for a password or a PIN.

moment = { $day } { $month } { $year }, { $time } (Japan time)
moment-unknown = unknown
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
span-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
span-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
span-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
