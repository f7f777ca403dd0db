# The steps QR, スマートフォン and 完了.
waiting-title = QRコードを読み取ってください
waiting-lead = スマートフォンでKazasuアプリを開き、このQRコードを読み取ります。読み取ると、この画面は自動的に切り替わります。
unseen-title = QRコードを更新してください
unseen-lead = 通信が途中で切れ、このブラウザーではQRコードを表示できません。「QRコードを更新する」を押すと、新しい10分で続けられます。書類はそのままです。
qr-alt = 署名用のQRコード。読み取れない場合は「リンクをコピー」を使ってください。
left = 残り
waiting-late = 残り時間が少なくなりました。「QRコードを更新する」を押すと、10分に戻ります。
renew = QRコードを更新する
copy-link = リンクをコピー
copied = コピーしました
practice-hint = 練習用のスマートフォンが動いています。リンクをコピーして貼り付けると、カードなしで試せます。
practice-open = 練習用のスマートフォンを開く
qr-help = QRコードの読み取り操作で問題が発生した場合はこちら
stop = 署名をやめる
stop-ask = カードをかざしている途中かもしれません。やめると、この署名は受け付けません。使ったパスワードの試行回数は、スマートフォンに表示されます。
stop-sure = やめる

claimed-title = スマートフォンで続けてください
claimed-headline = 読み取りました。スマートフォンで続けてください
claimed-body = この画面は開いたままにしてください。終わると自動的に切り替わります。
claimed-not-you = ご自身のスマートフォンに何も表示されていない場合は、ほかの端末が読み取っています。署名せず、QRコードを更新してください。
second-phone = 別の端末も、このQRコードを読み取ろうとしました（E-QR-04）。受け付けていません。心当たりがない場合は、署名せずQRコードを更新してください。
delivered-title = 確認しています
delivered-headline = 届きました。確認しています
delivered-body = 署名が書類と証明書に合っているかを調べています。数秒で終わります。
stage-read = 確認中
stage-read-doing = スマートフォンで書類を読んでいます
stage-password = パスワード
stage-password-doing = スマートフォンでパスワードを入力しています
stage-card = カード
stage-card-doing = カードをかざします。離さずにお待ちください
stage-send = 送信
stage-send-doing = カードを離せます。署名を送っています
stage-check = 完了
stage-check-doing = 届いた署名を確かめています

no-script = このブラウザーでは、画面が自動的に切り替わりません。スマートフォンで操作したら、押してください。
no-script-reload = 最新の状態を見る
connection-lost = サーバーとの接続が切れました。つなぎ直しています。届いた署名がなくなることはありません。

completed-title = 署名が完了しました
completed-lead = 署名済みPDFをダウンロードして、保管してください。スマートフォンの画面は閉じてかまいません。
completed-invalid-title = 署名を届けましたが、合わない項目があります
completed-invalid-lead = ダウンロードしたPDFを、このまま使わないでください。合わない項目は、下の「確認した項目を見る」で分かります。
completed-at = 完了した日時
download = 署名済みPDFをダウンロード
