import MarketData
import Testing

@testable import TradingView

@Suite("One-time codes")
struct OneTimeCodeTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    @Test(
        "SHA-1 gives the standard's hashes, also where the padding needs its own block",
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
            (String(repeating: "a", count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        ])
    func hash(message: String, expected: String) {
        #expect(hex(SHA1.hash(Array(message.utf8))) == expected)
    }

    @Test("HMAC gives the vectors of RFC 2202, with short keys and with one longer than a block")
    func authentication() {
        let short = SHA1.authenticationCode(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(hex(short) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
        let text = "Test Using Larger Than Block-Size Key - Hash Key First"
        let long = SHA1.authenticationCode(of: Array(text.utf8), key: [UInt8](repeating: 0xAA, count: 80))
        #expect(hex(long) == "aa4ae5e15272d00e95705637ce8a3b55ed402112")
    }

    @Test(
        "codes are those of RFC 6238, appendix B",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ])
    func vectors(seconds: Int64, expected: String) {
        let key = Array("12345678901234567890".utf8)
        #expect(OneTimeCode.digits(key: key, seconds: seconds, count: 8) == expected)
        let secret = Secret("gezd gnbv gy3t qojq gezd gnbv gy3t qojq")
        let code = OneTimeCode.code(from: secret, at: Timestamp(seconds: seconds))
        #expect(code == Secret(String(expected.suffix(6))))
    }

    @Test("base32 is read as in RFC 4648")
    func base32() {
        #expect(OneTimeCode.bytes(ofBase32: "MZXW6YTBOI") == Array("foobar".utf8))
        #expect(OneTimeCode.bytes(ofBase32: "MZXW6YQ") == Array("foob".utf8))
        #expect(OneTimeCode.bytes(ofBase32: "MZXW1") == nil)
    }

    @Test("six digits are already a code, and anything else is rejected")
    func given() {
        #expect(OneTimeCode.code(from: Secret("123 456"), at: Wire.now) == Secret("123456"))
        #expect(OneTimeCode.code(from: Secret("12345"), at: Wire.now) == nil)
        #expect(OneTimeCode.code(from: Secret("GEZDGNBV"), at: Wire.now) == nil)
        #expect(OneTimeCode.code(from: Secret("not a secret!"), at: Wire.now) == nil)
    }
}
