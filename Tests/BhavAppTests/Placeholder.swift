import Testing

@testable import BhavApp
