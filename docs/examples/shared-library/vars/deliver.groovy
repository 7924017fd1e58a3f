/**
 * Delivers what the build has recorded: commits it to a wave, waits until main has it and until every target runs it,
 * and then does the same for each wave that it is promoted to.
 *
 *   deliver(appSha: sha)
 *   deliver(appSha: sha, wave: 'staging', promoteTo: ['internal', 'production'], timeout: '2h')
 *
 * Takes repo, set, wave ('staging'), appSha, message, promoteTo ([]) and timeout ('1h'), and returns what the last
 * waitForCiAndMerge returned. Where a newer build has taken this one's place, it ends there, which is a success.
 */
def call(Map args = [:]) {
    Map where = [repo: args.repo, set: args.set]
    String timeout = args.timeout ?: '1h'
    String wave = args.wave ?: 'staging'

    def merged = follow(where, wave, timeout) {
        commitConfig(where + [wave: wave, appSha: args.appSha, message: args.message])
    }
    for (String next in (args.promoteTo ?: [])) {
        if (merged.outcome == 'superseded') {
            break
        }
        merged = follow(where, next, timeout) {
            promoteWave(where + [to: next, wait: true])
        }
    }
    return merged
}

// What does not fit on what main has become is made again. A node belongs around what is made, not around the wait.
private follow(Map where, String wave, String timeout, Closure make) {
    def merged
    retry(count: 3, conditions: [configConflict()]) {
        make()
        merged = waitForCiAndMerge(where + [timeout: timeout])
    }
    awaitArgoSync(where + [wave: wave, timeout: timeout])
    return merged
}
