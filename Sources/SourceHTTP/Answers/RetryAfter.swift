/// The Retry-After header (RFC 9110, section 10.2.3), in the form that counts seconds.
///
/// The form that names a date is passed over: the usual pause then applies.
public enum RetryAfter {
    /// Seconds to wait, a day at the most; `nil` where the header is absent or names a date.
    public static func seconds(_ header: String?) -> Int? {
        guard let header, let seconds = Int(header.filter { $0 != " " }), seconds >= 0 else { return nil }
        return min(seconds, 86_400)
    }
}
