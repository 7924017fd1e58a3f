// Takes what staging runs to internal. Started as soon as every condition is met.
pipeline {
    agent none
    triggers { wavePromotion(from: 'staging', to: 'internal') }
    options { disableConcurrentBuilds() }
    stages {
        stage('Promote') {
            steps {
                promoteWave(from: 'staging', to: 'internal')
                waitForCiAndMerge()
                awaitArgoSync(wave: 'internal')
            }
        }
    }
}
