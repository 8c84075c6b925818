/// A time of day on an exchange's clock, to the second, without date or zone.
public struct ClockTime: Hashable, Sendable {
    /// Seconds after midnight, 0 to 86,400.
    public let secondsAfterMidnight: Int

    /// A time by its distance from midnight.
    public init(secondsAfterMidnight: Int) { self.secondsAfterMidnight = secondsAfterMidnight }

    /// A time by hour and minute.
    public init(hour: Int, minute: Int) { self.init(secondsAfterMidnight: hour * 3600 + minute * 60) }

    /// Reads `HH:MM` or `HH:MM:SS` (a one-digit hour is taken too); `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), (1...2).contains(parts[0].utf8.count),
            parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }),
            parts.joined().utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        let numbers = parts.compactMap { Int($0) } + [0]
        guard numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else { return nil }
        self.init(secondsAfterMidnight: numbers[0] * 3600 + numbers[1] * 60 + numbers[2])
    }

    /// `HH:MM:SS`.
    public var fullDescription: String { "\(description):\(padded(secondsAfterMidnight % 60, 2))" }
}

extension ClockTime: Comparable {
    /// Earlier before later.
    public static func < (left: ClockTime, right: ClockTime) -> Bool {
        left.secondsAfterMidnight < right.secondsAfterMidnight
    }
}

extension ClockTime: CustomStringConvertible {
    /// `HH:MM`.
    public var description: String {
        "\(padded(secondsAfterMidnight / 3600, 2)):\(padded(secondsAfterMidnight / 60 % 60, 2))"
    }
}
