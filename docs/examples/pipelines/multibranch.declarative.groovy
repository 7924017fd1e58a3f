// Every branch is built; only main delivers. Pull requests never reach the config repository.
pipeline {
    agent none
    stages {
        stage('Build') {
            agent any
            steps {
                checkout scm
                sh './build shop "$(git rev-parse HEAD)"'
                script {
                    env.APP_SHA = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
                }
                recordImage(
                    service: 'shop', image: 'docker.example.com/acme/shop', tag: env.APP_SHA, metadataFile: 'shop.json')
            }
        }
        stage('Deliver') {
            when { branch 'main' }
            steps {
                commitConfig(wave: 'staging', appSha: env.APP_SHA)
                waitForCiAndMerge()
            }
        }
    }
}
