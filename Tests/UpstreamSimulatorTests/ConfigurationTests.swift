import Testing

@testable import UpstreamSimulator

@Suite("The simulator's configuration")
struct ConfigurationTests {
    @Test("faults are read by name, and an unknown one is named beside the known ones")
    func faults() throws {
        #expect(try Fault.list("close, silence") == [.close, .silence])
        #expect(try Fault.list("") == [])
        #expect {
            try Fault.list("close,nonsense")
        } throws: { error in
            "\(error)".contains("'nonsense'") && "\(error)".contains("close-mid-frame")
        }
    }

    @Test("scenarios are read by name, and an unknown one is named beside the known ones")
    func scenarios() throws {
        #expect(try Scenario(name: "free-plan") == .freePlan)
        #expect {
            try Scenario(name: "nonsense")
        } throws: { error in
            "\(error)".contains("'nonsense'") && "\(error)".contains("exchange-hours")
        }
    }

    @Test("a folder that is unreadable, or holds no messages, is rejected at once and named")
    func recordings() {
        for folder in ["/no/such/folder", "/proc/self/fdinfo"] {
            var configuration = SimulatorConfiguration()
            configuration.recording = folder
            #expect {
                try UpstreamSimulator(configuration: configuration)
            } throws: { error in
                "\(error)".contains(folder)
            }
        }
    }

    @Test("an unreadable certificate is named")
    func certificates() {
        var configuration = SimulatorConfiguration()
        configuration.encryption = .files(certificate: "/no/such.pem", key: "/no/such.key")
        #expect {
            try UpstreamSimulator(configuration: configuration)
        } throws: { error in
            "\(error)".contains("/no/such.pem")
        }
    }
}
