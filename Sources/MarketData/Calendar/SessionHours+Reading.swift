extension SessionHours {
    /// The most sessions that a text of hours may name.
    private static let mostSessions = 8

    /// Reads `HH:MM-HH:MM`, and several such sessions of a day with commas between them; `nil` for anything else, for
    /// hours that end before they begin, and for sessions that are not in order.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 200 else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= SessionHours.mostSessions else { return nil }
        var sessions: [(opens: ClockTime, closes: ClockTime)] = []
        for part in parts {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let opens = ClockTime(SessionHours.trimmed(ends[0])),
                let closes = ClockTime(SessionHours.trimmed(ends[1]))
            else { return nil }
            sessions.append((opens, closes))
        }
        self.init(sessions: sessions)
    }

    private static func trimmed(_ text: some StringProtocol) -> Substring {
        let start = text.drop { $0 == " " }
        return Substring(String(start.reversed().drop { $0 == " " }.reversed()))
    }
}
