/// Why the store could not do what was asked. Whatever the code, the data on disk is as it was before the call.
public struct StoreError: Error, Hashable, Sendable {
    /// The kinds of failure.
    public enum Code: String, CaseIterable, Sendable {
        /// The disk, or the space given to the database, is full.
        case full
        /// The folder or the file may not be written.
        case readOnly
        /// The file was written by a newer version.
        case newerVersion
        /// The file is damaged, or is no store of ours.
        case corrupt
        /// Another process holds the folder.
        case inUse
        /// Another connection held the database for too long.
        case busy
        /// There is no store here, or it cannot be opened.
        case cannotOpen
        /// The data cannot be: a high below the low, a number that is none, simulated bars for a real store.
        case refused
        /// Anything else.
        case failed
    }

    /// The kind of failure.
    public let code: Code
    /// What was wrong, naming it, and what to do.
    public let message: String

    /// A failure and its description.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension StoreError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}
