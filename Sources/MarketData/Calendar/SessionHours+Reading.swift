extension SessionHours {
    /// Reads `HH:MM-HH:MM`; `nil` for anything else, and for hours that end before they begin.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let opens = ClockTime(parts[0]), let closes = ClockTime(parts[1]), opens < closes
        else { return nil }
        self.init(opens: opens, closes: closes)
    }
}
