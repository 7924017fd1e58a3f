// Builds, records, delivers to staging and waits until staging runs it.
pipeline {
    agent none
    stages {
        stage('Build') {
            agent any
            steps {
                checkout scm
                sh './build shop "$(git rev-parse HEAD)"'    // docker buildx build --push … --metadata-file shop.json
                script {
                    env.APP_SHA = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
                }
                recordImage(
                    service: 'shop', image: 'docker.example.com/acme/shop', tag: env.APP_SHA, metadataFile: 'shop.json')
            }
        }
        stage('Deliver') {    // agent none: waiting takes no executor
            steps {
                commitConfig(wave: 'staging', appSha: env.APP_SHA)
                waitForCiAndMerge()
                awaitArgoSync(wave: 'staging')
            }
        }
    }
}
