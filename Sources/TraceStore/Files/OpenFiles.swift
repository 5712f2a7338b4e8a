internal import AccessLog
internal import Platform

/// How many files may be open at once (`ulimit -n`). SQLite and the system's libraries cannot do with fewer than some, and
/// these end the process where there are none left; so that is found out before.
package enum OpenFiles {
  /// - Throws: `tooFewFiles`
  package static func check(path: String) throws(StoreError) {
    let limit = limit
    guard limit >= StoreLimits.openFiles else { throw .tooFewFiles(path: path, limit: limit) }
  }

  /// Inputs that can be open beside what a store needs, now and later: one at least.
  package static var inputs: Int { max(1, min(Limits.openInputs, limit - StoreLimits.openFiles + 1)) }

  /// Raised as far as a process may raise it by itself, where it is low.
  private static var limit: Int {
    var limits = rlimit()
    #if canImport(Glibc)
      let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let files = RLIMIT_NOFILE
    #endif
    // Safe: these calls read or fill a structure on the stack, and keep no pointer.
    guard unsafe getrlimit(files, &limits) == 0 else { return .max }
    let wanted = rlim_t(StoreLimits.openFiles + Limits.openInputs)
    if limits.rlim_cur < wanted, limits.rlim_cur < limits.rlim_max {
      limits.rlim_cur = min(wanted, limits.rlim_max)
      unsafe _ = setrlimit(files, &limits)
      unsafe _ = getrlimit(files, &limits)
    }
    return Int(clamping: limits.rlim_cur)
  }
}
