import Foundation
import MarketData
import Testing

@Suite("Instants and times of day")
struct TimestampTests {
    @Test(
        "instants are written in ISO 8601, with milliseconds where they have any",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_795_338_900_000, "2026-11-22T09:15:00Z"),
            (1_005, "1970-01-01T00:00:01.005Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ])
    func text(milliseconds: Int, expected: String) {
        #expect(Timestamp(milliseconds: Int64(milliseconds)).description == expected)
    }

    @Test("seconds are rounded down, before 1970 too")
    func seconds() {
        #expect(Timestamp(milliseconds: 1_999).seconds == 1)
        #expect(Timestamp(milliseconds: -1).seconds == -1)
    }

    @Test("the limits of time are reached, not crossed, and can be written")
    func ends() {
        #expect(Timestamp(seconds: .max).milliseconds == .max)
        #expect(Timestamp(seconds: .min).milliseconds == .min)
        #expect(Timestamp(seconds: -9_223_372_036_854_775).milliseconds == -9_223_372_036_854_775_000)
        #expect(Timestamp(milliseconds: .max).advanced(bySeconds: 1).milliseconds == .max)
        #expect(Timestamp(milliseconds: .min).advanced(bySeconds: -1).milliseconds == .min)
        #expect(Timestamp(milliseconds: .max).description.hasSuffix("Z"))
        #expect(Timestamp(milliseconds: .min).description.hasSuffix("Z"))
    }

    @Test("a range includes its start and excludes its end")
    func range() {
        let range = TimeRange(from: Timestamp(seconds: 10), to: Timestamp(seconds: 20))
        #expect(range.contains(Timestamp(seconds: 10)))
        #expect(!range.contains(Timestamp(seconds: 20)))
    }

    @Test(
        "times of day are read with and without seconds",
        arguments: [
            ("09:15", 33_300), ("9:15", 33_300), ("15:39:59", 56_399), ("00:00", 0),
        ])
    func clock(text: String, seconds: Int) {
        #expect(ClockTime(text)?.secondsAfterMidnight == seconds)
    }

    @Test("invalid times of day are rejected", arguments: ["24:00", "09:60", "9", "09:1", "09:15:", "ab:cd", "-1:00"])
    func refusesClock(text: String) {
        #expect(ClockTime(text) == nil)
    }

    @Test(
        "text in a zone is the same instant when it is read again, in every century",
        arguments: [
            "Asia/Kolkata", "America/New_York", "Australia/Sydney", "Europe/Amsterdam", "Africa/Monrovia", "Etc/UTC",
        ])
    func textInZone(name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        for number in 0..<2_000 {
            let time = Timestamp(milliseconds: -4_000_000_000_000 + Int64(number) * 4_000_000_123)
            let text = time.description(in: zone)
            #expect(try Timestamp(text, zone: nil, dateMeans: .start) == time, "\(text)")
        }
        let founded = Timestamp(seconds: -3_121_459_200)
        #expect(founded.description(in: zone).hasPrefix("1871-0"))
    }

    @Test("converts to and from Date, rounded down to milliseconds and clamped")
    func foundationDate() {
        let time = Timestamp(milliseconds: 1_780_890_300_123)
        #expect(Timestamp(time.date) == time)
        #expect(Timestamp(Date(timeIntervalSince1970: 1.0009)).milliseconds == 1000)
        #expect(Timestamp(Date(timeIntervalSince1970: -0.0001)).milliseconds == -1)
        #expect(Timestamp(Date(timeIntervalSince1970: 1e300)).milliseconds == .max)
        #expect(Timestamp(Date(timeIntervalSince1970: -1e300)).milliseconds == .min)
        #expect(Timestamp(Date(timeIntervalSince1970: .nan)).milliseconds == .max)
    }
}
