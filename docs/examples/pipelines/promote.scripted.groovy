// Takes what staging runs to internal, as soon as every condition is met.
timeout(time: 1, unit: 'DAYS') {
    promoteWave(from: 'staging', to: 'internal', wait: true)
}
waitForCiAndMerge()
awaitArgoSync(wave: 'internal')
