import HTTPTypes
import Hummingbird
import MarketData
import NIOCore
import Synchronization

/// Sessions of browsers that signed in with a key; only digests of their tokens are kept.
final class LoginSessions: Sendable {
    private struct Session {
        let keyName: String
        let expires: Timestamp
    }

    static let lifetime: Int64 = 12 * 3600
    private static let most = 1_000

    private let sessions = Mutex<[[UInt8]: Session]>([:])

    /// Begins a session for a key.
    /// - Returns: The token for the cookie.
    func begin(for key: APIKey, now: Timestamp) -> String {
        let token = APIKey.generate(name: "session", scope: .read, expires: nil).text
        let expires = now.advanced(bySeconds: LoginSessions.lifetime)
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.expires > now }
            if sessions.count >= LoginSessions.most,
                let oldest = sessions.min(by: { $0.value.expires < $1.value.expires })
            {
                sessions[oldest.key] = nil
            }
            sessions[KeyDigest.of(token)] = Session(keyName: key.name, expires: expires)
        }
        return token
    }

    /// The name of the key that a token belongs to.
    func keyName(of token: String, now: Timestamp) -> String? {
        let session = sessions.withLock { $0[KeyDigest.of(token)] }
        return session.flatMap { $0.expires > now ? $0.keyName : nil }
    }

    func end(_ token: String) { sessions.withLock { $0[KeyDigest.of(token)] = nil } }
}

/// `/login` and `/logout`: a browser gives a key once and then shows a cookie.
struct LoginRoute: Sendable {
    let access: AccessControl
    let clock: @Sendable () -> Timestamp
    /// Whether cookies are only sent over TLS.
    let isSecure: Bool

    static let paths = ["/login", "/logout"]
    private static let largestForm = 4096

    func add(to router: Router<ServerContext>) {
        router.get("/login") { _, _ in page("") }
        router.post("/login") { request, _ in try await login(request) }
        router.post("/logout") { request, _ in logout(request) }
    }

    private func login(_ request: Request) async throws -> Response {
        // Only the server's own page may sign a browser in.
        guard access.policy.allows(origin: request.headers[.origin], host: request.head.authority) else {
            throw MarketDataError(.unauthorized, "pages of this origin may not sign in")
        }
        guard let body = try? await request.body.collect(upTo: LoginRoute.largestForm) else {
            throw MarketDataError(.tooLarge, "the form exceeds \(LoginRoute.largestForm) bytes")
        }
        let form = try QueryParameters(String(buffer: body), known: ["key"], ignoresEmpty: true)
        guard let text = try form.words("key"), let key = try? access.policy.key(shown: [text], now: clock()) else {
            return page("This key is not valid.", status: .unauthorized)
        }
        let token = access.sessions.begin(for: key, now: clock())
        return redirect(cookie: "\(token); Max-Age=\(LoginSessions.lifetime)")
    }

    private func logout(_ request: Request) -> Response {
        if let token = AccessControl.sessionToken(of: request.head) { access.sessions.end(token) }
        return redirect(cookie: "; Max-Age=0")
    }

    private func redirect(cookie: String) -> Response {
        let attributes = "; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
        return Response(
            status: .seeOther,
            headers: [
                .location: "/", .setCookie: "\(AccessControl.cookieName)=\(cookie)\(attributes)",
                .cacheControl: "no-store",
            ])
    }

    private func page(_ message: String, status: HTTPResponse.Status = .ok) -> Response {
        let html = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Sign in to Bhav</title>
            <main><h1>Sign in to Bhav</h1><p role="alert">\(message)</p>
            <form method="post" action="/login"><label>API key <input type="password" name="key" required autofocus></label>
            <button>Sign in</button></form></main></html>

            """
        var response = Response(bytes: ByteBuffer(string: html), type: "text/html; charset=utf-8", status: status)
        response.headers[.contentSecurityPolicy] =
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        return response
    }
}
