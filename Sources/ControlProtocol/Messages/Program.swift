/// One instance of a program, as `status` shows it.
public struct Program: Codable, Equatable, Sendable {
    public struct LogBytes: Codable, Equatable, Sendable {
        public var stdout: Int
        public var stderr: Int

        public init(stdout: Int, stderr: Int) {
            self.stdout = stdout
            self.stderr = stderr
        }
    }

    /// `web`, or `web:3` where the program has several instances.
    public var name: String
    public var program: String
    public var instance: Int
    public var groups: [String]
    public var state: State
    public var isReady: Bool
    /// `nil` where nothing checks its health, or has not found out yet.
    @OrNull public var isHealthy: Bool?
    @OrNull public var pid: Int?
    /// When it came into its state; RFC 3339, UTC, with milliseconds.
    public var since: String
    /// `nil` where no process lives.
    @OrNull public var uptime: Seconds?
    /// How often it was started again because its policy said so.
    public var restarts: Int
    /// In a row.
    public var failures: Int
    @OrNull public var lastExit: LastExit?
    /// RFC 3339, UTC, with milliseconds.
    @OrNull public var nextAttempt: String?
    public var waitingFor: [String]
    @OrNull public var statusText: String?
    @OrNull public var memoryBytes: Int?
    @OrNull public var processorTime: Seconds?
    public var logBytes: LogBytes
    /// `nil` from a daemon that does not know of it.
    public var log: Log?
    @OrNull public var description: String?

    /// One that was never started; set what is different.
    public init(name: String, program: String, instance: Int, state: State, since: String) {
        self.name = name
        self.program = program
        self.instance = instance
        groups = []
        self.state = state
        isReady = false
        self.since = since
        restarts = 0
        failures = 0
        waitingFor = []
        logBytes = LogBytes(stdout: 0, stderr: 0)
    }

    /// In the order of the JSON text, which is written without sorting then.
    private enum CodingKeys: String, CodingKey {
        case processorTime = "cpu_seconds"
        case description, failures, groups
        case isHealthy = "healthy"
        case instance
        case lastExit = "last_exit"
        case log
        case logBytes = "log_bytes"
        case memoryBytes = "memory_bytes"
        case name
        case nextAttempt = "next_attempt"
        case pid, program
        case isReady = "ready"
        case restarts, since, state
        case statusText = "status_text"
        case uptime
        case waitingFor = "waiting_for"
    }
}
