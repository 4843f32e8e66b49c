"""Every answer that is not a success: its status, and what went wrong and what to do in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way to refuse a delivery.

    ``name`` is for logs. ``zh`` and ``en`` are for people, with ``{name}`` places for facts of the delivery.
    """

    name: str
    status: int
    zh: str
    en: str


UNKNOWN_SITE = Refusal(
    "unknown_site",
    404,
    "没有这个名称的站点。请核对地址 /hooks/<站点> 中的站点名是否与配置中的一致。",
    "There is no site of this name. Compare the name in /hooks/<site> with the configured sites.",
)
NO_SECRET = Refusal(
    "no_secret",
    401,
    "接收端没有为该站点配置密钥，因此拒绝所有通知。请先在接收端配置密钥，再在发送端填入同一密钥。",
    "The receiver has no secret for this site and refuses everything. "
    "Configure one, then enter it at the sender.",
)
UNSIGNED = Refusal(
    "unsigned",
    401,
    "通知没有签名。请在发送端填写密钥，使其发送 X-Svc-Signature-256 或 X-Redmine-Signature-256。",
    "The delivery is not signed. Enter the secret at the sender, so that it sends "
    "X-Svc-Signature-256 or X-Redmine-Signature-256.",
)
UNSIGNED_JIRA = Refusal(
    "unsigned",
    401,
    "通知没有签名。请在 Jira 的网络钩子中填写密钥，使其发送 X-Hub-Signature。",
    "The delivery is not signed. Enter the secret in Jira's webhook, so that it sends X-Hub-Signature.",
)
OTHER_METHOD = Refusal(
    "other_method",
    401,
    "签名方法是 {method}，应为 sha256。请让发送端以 HMAC-SHA256 签名。",
    "The signature's method is {method}, it must be sha256. Make the sender sign with HMAC-SHA256.",
)
STALE = Refusal(
    "stale",
    400,
    "通知的时间是 {moment}，与接收端的时钟相差过大（上限 {limit} 小时）。"
    "请核对两端时钟；旧的通知不再接受，定时核对会补上。",
    "The delivery says {moment}, too far from the receiver's clock (at most {limit} hours). Compare the "
    "clocks of both ends; old deliveries are not taken, the regular sweep finds what they told.",
)
BAD_SIGNATURE = Refusal(
    "bad_signature",
    401,
    "签名不符。应为 sha256= 加请求正文 HMAC-SHA256 的十六进制值；请核对两端密钥一致，且代理未改动正文。",
    "The signature does not fit. It must be sha256= and the hex HMAC-SHA256 of the raw body: "
    "check that both ends have the same secret and that no proxy changes the body.",
)
TOKEN_NOT_ALLOWED = Refusal(
    "token_not_allowed",
    401,
    "该站点只接受签名的通知，不接受令牌。请把地址改为 /hooks/<站点> 并使用签名，或在接收端为该站点允许令牌。",
    "This site takes signed deliveries only, no tokens. Use the address /hooks/<site> and sign, "
    "or allow tokens for this site at the receiver.",
)
BAD_TOKEN = Refusal(
    "bad_token",
    401,
    "令牌不符。请核对地址末段或 X-Svc-Token 与接收端配置的密钥一致。",
    "The token does not fit. The last part of the address, or X-Svc-Token, must equal the configured secret.",
)
CONTENT_TYPE = Refusal(
    "content_type",
    415,
    "Content-Type 是 {value}。请发送 application/json，字符集为 utf-8 或不写。",
    "Content-Type is {value}. Send application/json, with charset utf-8 or none.",
)
CONTENT_ENCODING = Refusal(
    "content_encoding",
    415,
    "Content-Encoding 是 {value}。请发送未压缩的正文。",
    "Content-Encoding is {value}. Send the body uncompressed.",
)
TOO_LARGE = Refusal(
    "too_large",
    413,
    "正文超过 {limit} 字节。请让发送端少发内容；接收端只需要问题编号。",
    "The body has more than {limit} bytes. Make the sender send less; the issue's number is all we need.",
)
TRUNCATED = Refusal(
    "truncated",
    400,
    "正文不完整：连接中断，或长度与 Content-Length 不符。请重新发送，并检查中间的代理。",
    "The body is incomplete: the connection broke or Content-Length is wrong. Send again; check the proxies.",
)
NOT_UTF8 = Refusal(
    "not_utf8",
    400,
    "正文不是 UTF-8（第 {at} 字节）。请以不带 BOM 的 UTF-8 发送。",
    "The body is not UTF-8 (byte {at}). Send UTF-8 without a byte order mark.",
)
NOT_JSON = Refusal(
    "not_json",
    400,
    "正文不是有效的 JSON（{fault}）。请发送一个完整的 JSON 对象。",
    "The body is not valid JSON ({fault}). Send one complete JSON object.",
)
DUPLICATE_KEY = Refusal(
    "duplicate_key",
    400,
    "JSON 对象中键 {key} 重复出现。每个键只能出现一次。",
    "A JSON object has the key {key} more than once. Send each key once.",
)
TOO_DEEP = Refusal(
    "too_deep",
    400,
    "JSON 嵌套超过 {limit} 层。请减少嵌套。",
    "The JSON is nested deeper than {limit} levels. Send less nesting.",
)
NOT_AN_OBJECT = Refusal(
    "not_an_object",
    400,
    "JSON 的最外层不是对象。请发送以花括号开头的对象。",
    "The top level of the JSON is not an object. Send one in curly brackets.",
)
WRONG_FIELD = Refusal(
    "wrong_field",
    400,
    "{field} 是 {value}；应为{zh_wanted}。请检查发送端插件的版本。",
    "{field} is {value}; it must be {en_wanted}. Check the version of the sending plugin.",
)
OTHER_SENDER = Refusal(
    "other_sender",
    400,
    "凭据属于{zh_sender}，但正文中没有它的 {field}。"
    "本产品的插件和 Redmine 7 自带的 Webhook 请填写密钥来签名，只有 redmine_webhook 插件使用令牌。",
    "The proof is that of {en_sender}, but the body lacks its {field}. Enter the secret in our plugin or in "
    "the webhook of Redmine 7, so that they sign; a token is for the redmine_webhook plugin only.",
)
OTHER_DELIVERY = Refusal(
    "other_delivery",
    400,
    "X-Svc-Delivery 与正文中的 delivery 不同；只有正文经过签名。两处请发送同一个编号。",
    "X-Svc-Delivery differs from delivery in the body, and only the body is signed. "
    "Send the same id in both.",
)
UNAVAILABLE = Refusal(
    "store_unavailable",
    503,
    "暂时无法保存通知。请在 {seconds} 秒后重新发送；若持续出现，请检查接收端的数据库。",
    "The delivery cannot be stored now. Send it again in {seconds} s; if this lasts, check the database.",
)
FAILED = Refusal(
    "failed",
    500,
    "接收端出错，通知未保存。请把接收端日志中的 delivery.failed 一行交给管理员。",
    "The receiver failed and stored nothing. Show the administrator the line delivery.failed in its log.",
)
