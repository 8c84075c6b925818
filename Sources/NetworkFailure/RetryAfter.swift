public import Foundation

/// The Retry-After header (RFC 9110, section 10.2.3): seconds, or a date.
public enum RetryAfter {
    /// No server is waited for longer than a day.
    private static let longest = 86_400
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds to wait, from 0 to a day; `nil` where the header is absent or of neither form.
    /// - Parameters:
    ///   - header: The value of the header; `nil` where it is absent.
    ///   - now: The present time, to read a date; `nil` to read seconds alone.
    public static func seconds(_ header: String?, now: Date?) -> Int? {
        guard let text = header?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (48...57).contains($0) }) { return min(Int(text) ?? longest, longest) }
        guard let now, let date = date(text) else { return nil }
        return Int(min(Double(longest), max(0, date.timeIntervalSince(now).rounded(.up))))
    }

    /// A date as HTTP writes it, `Sun, 06 Nov 1994 08:49:37 GMT`; the two older spellings are not read.
    private static func date(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3 else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(
            from: DateComponents(
                year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2]))
    }
}
