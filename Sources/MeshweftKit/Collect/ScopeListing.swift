internal import AccessLog

/// The pods of one context, or of one namespace there: listed once, or again and again.
struct ScopeListing {
  let context: CollectedContext
  let scope: Kubectl.Scope
  let kind: ListedKind
  var running: PodListing?
  /// Lists begun, and the number of the last one that came.
  private(set) var begun = 0
  private(set) var last = 0
  /// Nothing will come of another try.
  private(set) var isOver = false
  /// One came, or none will.
  var isSettled: Bool { last > 0 || isOver || isDown }
  /// Tries have failed, and go on.
  private var isDown = false
  private(set) var failures = 0
  private var hasFailed = false
  private var next: ContinuousClock.Instant?

  init(_ context: CollectedContext, _ scope: Kubectl.Scope, _ kind: ListedKind = .pods) {
    self.context = context
    self.scope = scope
    self.kind = kind
  }

  /// The next list that is begun: one that tells what is so now.
  var nextNumber: Int { begun + 1 }

  func isDue(_ now: ContinuousClock.Instant) -> Bool {
    running == nil && !isOver && next.map { $0 <= now } ?? true
  }

  mutating func begin(_ listing: PodListing) {
    running = listing
    begun += 1
  }

  /// A list came.
  mutating func succeed(follows: Bool, now: ContinuousClock.Instant) {
    (running, last, failures, isDown) = (nil, begun, 0, false)
    let pause = kind == .pods ? CollectLimits.listingSeconds : CollectLimits.objectSeconds
    if follows { next = now + .seconds(pause) } else { isOver = true }
  }

  /// - Returns: whether it is tried again.
  mutating func fail(_ failure: KubectlFailure, follows: Bool, now: ContinuousClock.Instant) -> Bool {
    running = nil
    failures += 1
    next = now + Backoff.wait(after: failures)
    let tries = failure.mayPass && (follows || failures < CollectLimits.tries)
    let keeps = tries || (follows && last > 0 && failure.isOfLogin)
    if !keeps { (isOver, hasFailed) = (true, true) } else if failures >= CollectLimits.tries { isDown = true }
    return keeps
  }

  /// Whether another list may still come, once its lists are over.
  var canTellAgain: Bool { last > 0 && !hasFailed }

  /// What was read is to be looked at again.
  mutating func again() {
    guard isOver, canTellAgain else { return }
    (isOver, next) = (false, nil)
  }

  /// A log has ended: why, the next list tells.
  mutating func hurry(_ now: ContinuousClock.Instant) {
    let soon = now + .seconds(CollectLimits.earlyListingSeconds)
    if let next, next > soon { self.next = soon }
  }
}
