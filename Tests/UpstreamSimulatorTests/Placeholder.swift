import Testing

@testable import UpstreamSimulator
