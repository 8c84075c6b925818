import Foundation
import NIOCore

extension SimulatorConfigurationError {
    /// Why the operating system does not let the simulator listen.
    init(cannotListenOn configuration: SimulatorConfiguration, _ error: IOError) {
        let reason =
            switch error.errnoCode {
            case EADDRINUSE: "another program listens there; choose another port"
            case EACCES: "this user may not; choose a port from 1024 up"
            case EADDRNOTAVAIL: "this machine has no such address"
            default: "\(error)"
            }
        self.init("the simulator cannot listen on \(configuration.host), port \(configuration.port): \(reason)")
    }

    /// Why the address is none to listen on.
    init(cannotListenOn configuration: SimulatorConfiguration, _ error: SocketAddressError.UnknownHost) {
        self.init("the simulator cannot listen on '\(error.host)': this machine knows no such address")
    }
}
