/// A line that shows how far long work has come: `[######......] 12/40  NSE:TCS  3.1/s, 9 s left`.
struct ProgressBar {
    let total: Int
    private static let width = 24

    /// The line after `done` of the items in `seconds`, while `label` is under way.
    func line(done: Int, seconds: Double, label: String) -> String {
        let filled = total == 0 ? ProgressBar.width : done * ProgressBar.width / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: ProgressBar.width - filled)
        return "[\(bar)] \(done)/\(total)  \(label)\(pace(done: done, seconds: seconds))"
    }

    private func pace(done: Int, seconds: Double) -> String {
        guard done > 0, seconds > 0.5 else { return "" }
        let rate = Double(done) / seconds
        let left = Int((Double(total - done) / rate).rounded(.up))
        let rounded = (rate * 10).rounded() / 10
        return "  \(rounded)/s, \(left < 120 ? "\(left) s" : "\(left / 60) min") left"
    }
}
