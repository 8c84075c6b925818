import Foundation

/// What upstream really sent, where `BHAV_CAPTURES` names the folder.
enum Captures {
    static let folder = ProcessInfo.processInfo.environment["BHAV_CAPTURES"].flatMap { $0.isEmpty ? nil : $0 }
}
