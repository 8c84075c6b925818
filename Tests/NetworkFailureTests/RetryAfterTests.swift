import Foundation
import NetworkFailure
import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    /// Sunday, 6 November 1994, 08:49:37 UTC, the moment of the standard's example.
    private static let example = Date(timeIntervalSince1970: 784_111_777)

    @Test(
        "is seconds or a date, at most a day and never negative",
        arguments: [
            ("17", 17), (" 17 ", 17), ("0", 0), ("86401", 86_400), ("99999999999999999999", 86_400),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 30), ("Sun, 06 Nov 1994 08:49:00 GMT", 0),
            ("Mon, 07 Nov 2094 08:49:37 GMT", 86_400), ("-5", nil), ("soon", nil), ("", nil), ("1.5", nil),
            ("Sun, 06 Nov 1994", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49 GMT", nil),
        ] as [(String, Int?)])
    func reading(header: String, seconds: Int?) {
        let now = Self.example.addingTimeInterval(-30)
        #expect(RetryAfter.seconds(header, now: now) == seconds)
    }

    @Test("is absent without the header")
    func absent() { #expect(RetryAfter.seconds(nil, now: Self.example) == nil) }
}
