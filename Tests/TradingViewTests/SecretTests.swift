import Testing

@testable import TradingView

@Suite struct SecretTests {
    @Test("a secret is in no description")
    func hidden() {
        let secret = Secret("abc123")
        #expect("\(secret) \(String(reflecting: secret))" == "<secret> <secret>")
        var text = ""
        dump(TradingViewSignIn.token(secret), to: &text)
        #expect(!text.contains("abc123"))
    }
}
