public import SystemTypes

/// A process that a program started, and that was there when its main process had ended.
public struct Survivor: Equatable, Sendable, Codable {
    public let process: ProcessID
    public let command: String

    public init(process: ProcessID, command: String) {
        self.process = process
        self.command = command
    }
}
