import ControlProtocol
import Glibc
import SystemTypes
import Testing

/// Whether programs start with the daemon, where somebody has said so.
@Suite(.wholeProgram, .timeLimit(.minutes(10))) struct EnableTests {
    private static let off = misbehave("--pause", settings: #""autostart": false"#)
    private static let on = misbehave("--pause")

    /// Starts another daemon where the last one has ended.
    private func again(_ last: RunningDaemon) throws -> RunningDaemon {
        #expect(try last.end() == .exited(0))
        return try RunningDaemon(
            configuration: last.scratch.path("keepd.json"),
            socketPath: last.socketPath,
            scratch: last.scratch
        )
    }

    @Test func `what was said outlives the daemon`() throws {
        let first = try RunningDaemon(["off": Self.off, "on": Self.on])
        try first.start("on")
        #expect(try first.call(Control.Enable(names: ["off"])).names == ["off"])
        #expect(try first.call(Control.Disable(names: ["on"])).names == ["on"])
        // It starts and stops nothing.
        #expect(try first.status(of: "off").state == .stopped)
        #expect(try first.status(of: "on").state == .running)

        let second = try again(first)
        #expect(try second.call(Control.Wait(names: ["off"], for: .ready)).outcomes.count == 1)
        #expect(try second.status(of: "on").state == .stopped)
        let explanations = try second.call(Control.Explain(names: ["all"])).explanations
        #expect(explanations.map(\.isEnabled) == [true, false])
        #expect(explanations.map(\.goal) == [.up, .down])
    }

    @Test func `one instance of several cannot be disabled`() throws {
        let daemon = try RunningDaemon(["web": misbehave("--pause", settings: #""instances": 2"#)])
        #expect(throws: ControlError.invalidParameter(parameter: "names")) {
            try daemon.call(Control.Disable(names: ["web:1"]))
        }
        #expect(
            try daemon.call(Control.Explain(names: ["all"])).explanations.allSatisfy(\.isEnabled)
        )
        #expect(try daemon.call(Control.Disable(names: ["web:0", "web:1"])).names == ["web"])
    }

    @Test func `a program that is taken in later goes by what was said of it before`() throws {
        let daemon = try RunningDaemon(["off": Self.off, "on": Self.on])
        _ = try daemon.call(Control.Disable(names: ["on"]))
        try daemon.rewrite(["off": Self.off])
        _ = try daemon.call(Control.Apply())
        try daemon.rewrite(["off": Self.off, "on": Self.on])
        let plan = try daemon.call(Control.Apply()).plan
        #expect(plan?.programs.map(\.autostart) == [false])
        #expect(try daemon.status(of: "on").state == .stopped)
    }

    @Test func `a note that is damaged is done without`() throws {
        let first = try RunningDaemon(["on": Self.on])
        _ = try first.call(Control.Disable(names: ["on"]))
        try first.scratch.write("{\"version\": 1, ", to: "state/enabled.json")
        let second = try again(first)
        #expect(try second.call(Control.Wait(names: ["on"], for: .ready)).outcomes.count == 1)
        #expect(second.log.contains { $0.contains("state/enabled.json") })
    }

    @Test func `what cannot be written down is in effect, and is said not to last`() throws {
        let daemon = try RunningDaemon(["on": Self.on])
        #expect(rmdir(daemon.scratch.path("state")) == 0)
        try daemon.scratch.write("in the way", to: "state")
        let error = #expect(throws: ControlError.self) {
            try daemon.call(Control.Disable(names: ["on"]))
        }
        guard case .notSaved(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("state/enabled.json"))
        let explanations = try daemon.call(Control.Explain(names: ["on"])).explanations
        #expect(explanations.map(\.isEnabled) == [false])
    }
}
