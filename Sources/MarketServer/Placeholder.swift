import Foundation
import Hummingbird

let dashboard = Bundle.module
