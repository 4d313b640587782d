import FuzzTargets
import Glibc

/// Which of them is given the inputs, by name in `KEEPD_FUZZ_TARGET`.
private let target: FuzzTarget = {
    let name = getenv("KEEPD_FUZZ_TARGET").map { String(cString: $0) } ?? "calls"
    guard let target = FuzzTarget(rawValue: name) else {
        preconditionFailure("no target \(name): \(FuzzTarget.allCases.map(\.rawValue))")
    }
    return target
}()

/// Source: LLVM's libFuzzer, "Fuzz target".
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
