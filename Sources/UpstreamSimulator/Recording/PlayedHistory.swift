/// A recorded history that a series was given, and what of it is left.
struct PlayedHistory: Sendable {
    var names: RecordedNames
    var rest: [RecordedAnswer]
}
