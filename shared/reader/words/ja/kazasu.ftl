# What `kazasu` says while it works. Failures are in failures.ftl, verdicts in verdict.ftl.

ask-password = 署名用電子証明書パスワード（英数字6〜16文字。4桁の暗証番号ではありません）:
ask-last-try = 残りの試行回数は{ $left }回です。続けるには、残りの回数を数字で入力してください:

step-reading-document = 書類を確認しています
step-waiting-for-card = カードをリーダーに置いてください
step-talking-to-card = カードと通信しています。カードを動かさないでください
step-saving = 署名した書類を保存しています
step-stamping = タイムスタンプを頼んでいます
step-fetching = 依頼を受け取っています
step-waiting-for-number = パソコンの画面に数字が入力されるのを待っています。やめるには Ctrl-C
step-waiting-for-return = ブラウザーに戻り、「続ける」を押してください
step-beginning = 署名を始められるか確認しています
step-sending = 署名を送っています。カードは離してかまいません
step-checking = 届きました・確認中

card-reader = カードリーダー: { $name }
card-token = カード: { $token }
card-attempts = 署名用電子証明書パスワード（英数字6〜16文字）: { $left }
card-authentication-attempts = 利用者証明用の暗証番号（数字4桁）: { $left }
card-signing-certificate-present = 署名用電子証明書: あります
card-signing-certificate-absent = 署名用電子証明書: ありません（市区町村の窓口で発行を受けられます）
card-signing-certificate-unknown = 署名用電子証明書: カードからはわかりません
card-authentication-until = 有効期限の目安: { $day }（利用者証明用電子証明書の期限。署名用電子証明書の期限はパスワードがないと読めません。引越しや氏名の変更で、期限の前に失効することがあります）
attempts-left = 残り{ $left }回
attempts-locked = ロックされています
attempts-not-told = 照合済み（カードは残りの回数を伝えません）
token-my_number_card = マイナンバーカード
token-resident_card = 住民基本台帳カード（署名には使えません）
token-android_phone = Androidスマートフォンの電子証明書（署名には使えません）
token-iphone = iPhoneの電子証明書（署名には使えません）
token-unknown = 種類がわかりません

step-signing = 署名しています（{ $documents }件のうち{ $done }件が完了）。カードを動かさないでください
signed-of = { $documents }件のうち{ $signed }件に署名し、保存しました。
not-signed = 署名していません: { $path }
about-file = { $path } について:
signed-into = 署名した書類: { $path }
stamped-into = タイムスタンプを付けた書類: { $path }
stamped-signature = 署名の中にタイムスタンプを付けました。
stamped-document = 文書全体にタイムスタンプを付けました。
not-stamped = タイムスタンプはまだありません（{ $code }）。署名はこのまま使えます。後から kazasu timestamp で付けられ、署名し直す必要はありません。
unstamped = { $address } からタイムスタンプを受け取れません: { $why }
unstamped-unreachable = つながりません
unstamped-too_slow = 時間内に答えがありません
unstamped-redirected = 別のアドレスへ送ろうとしました（そこには頼みません）
unstamped-not_admitted = 依頼者を確認できないと答えました（--timestamp-credentials を確かめてください）
unstamped-status = エラーを答えました
unstamped-other_media_type = 答えがタイムスタンプではありません

join-ask-link = パソコンの画面の「リンクをコピー」のリンクを貼り付けてください
join-number = 数字: { $number }。この数字は { $origin } で始まるページにだけ入力してください
join-number-warning = 誰かに電話などで数字を聞かれていませんか。聞かれているときは Ctrl-C でやめてください。署名はされません。
join-open-return = 次のアドレスを、ボタンを押したブラウザーでだけ開いてください: { $url }
join-origin-checked = 依頼元: { $origin }（アドレスは確認済み。名前は確認していません）
join-origin-unchecked = 依頼元: { $origin }（このパソコンの中の練習用サービス）
join-document = 書類: { $title }（{ $pages }ページ、関係者: { $parties }）
join-declared-name = 署名する人: { $name }
join-fingerprint = 書類の指紋（パソコンの画面と同じ）: { $fingerprint }
join-pages = ページの画像: { $folder }（終わると消えます）
join-ask-review = すべてのページを確認しましたか。身に覚えのない依頼なら「いいえ」と答えてください [はい/いいえ]
join-unopened = { $count }件の書類を、開かずに署名します。--yes ではどの書類も見たことにはならず、書類ごとの記録にもそう残ります。
join-ask-consent = { $text } [はい/いいえ]
join-ask-disclosure = この署名を付けると、氏名・住所・生年月日・性別が、書類を受け取る人すべてに見えます。続けますか [はい/いいえ]
join-ask-again = 署名は残っています。もう一度送りますか [はい/いいえ]
tries-left = 残りの試行回数: { $left }回
join-rehearsed = パスワードを使わずにカードを確かめました。結果は届きました。まもなくパソコンの画面に表示されます。
join-done = 署名が完了しました。パソコンの画面も切り替わります: { $titles }
join-declined = やめました。

stripped-into = 署名を取り除いた写し: { $path }
stripped-signatures = 取り除いた署名とタイムスタンプ: { $count }
stripped-with-receipt = 写しに受領証を付けました。kazasu verify で確かめられます。
stripped-without-receipt = 写しに受領証はありません。写しだけでは何も証明しません。

# What a visible stamp says.
stamp-label = 電子署名
stamp-reason = 理由: { $reason }
stamp-time = 申告時刻: { $time }
