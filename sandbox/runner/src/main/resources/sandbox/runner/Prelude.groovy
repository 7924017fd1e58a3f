/*
 * The block steps. They are transformed like a Jenkinsfile, so a build that waits inside one is saved and resumed
 * with it. The parts that do not wait are in PreludeScript, in Java.
 */

Object node(Map named, Closure body) {
    return within('node', null, inNode(named.label), body)
}

Object stage(String name, Closure body) {
    return within('stage', name, scope(), body)
}

Object dir(String path, Closure body) {
    return within('dir', null, inFolder(path), body)
}

Object withEnv(Map named, Closure body) {
    return within('withEnv', null, withVariables(named.overrides), body)
}

Object withCredentials(Map named, Closure body) {
    return within('withCredentials', null, withBindings(named.bindings), body)
}

Object within(String step, String label, Object inner, Closure body) {
    Object outer = enter(step, label, inner)
    try {
        return body.call()
    } finally {
        leave(step, outer)
    }
}

Object retry(Map named, Closure body) {
    int left = count(named.count, named.conditions)
    while (true) {
        Object outer = enter('retry', null, scope())
        try {
            return body.call()
        } catch (Throwable failure) {
            left = left - 1
            if (left == 0 || !retryable(failure, named.conditions)) {
                throw failure
            }
            retrying()
        } finally {
            leave('retry', outer)
        }
    }
}

Object timeout(Map named, Closure body) {
    Object outer = enter('timeout', null, scope())
    Object limit = limit(named.time, named.unit)
    try {
        return body.call()
    } finally {
        unlimit(limit)
        leave('timeout', outer)
    }
}

Object catchError(Map named, Closure body) {
    return catching('catchError', named, 'FAILURE', body)
}

Object warnError(Map named, Closure body) {
    return catching('warnError', named, 'UNSTABLE', body)
}

Object catching(String step, Map named, String defaultResult, Closure body) {
    Object outer = enter(step, null, scope())
    try {
        return body.call()
    } catch (Throwable failure) {
        caught(failure, named, defaultResult)
        return null
    } finally {
        leave(step, outer)
    }
}

Object parallel(Map branches) {
    return join(branches)
}
