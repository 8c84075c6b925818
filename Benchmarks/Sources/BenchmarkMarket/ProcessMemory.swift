import Foundation

/// What the system says of this process's memory, in MiB.
public enum ProcessMemory {
    /// The most that was resident at any moment so far.
    public static var peak: Int { value("VmHWM:") }
    /// What is resident now.
    public static var now: Int { value("VmRSS:") }

    private static func value(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }
}
