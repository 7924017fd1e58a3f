// Builds of this job begin one after the other. That is not needed for the config repository, where later builds win
// anyway; it saves work where each build takes long.
pipeline {
    agent none
    options { disableConcurrentBuilds() }
    stages {
        stage('Build') {
            agent any
            steps {
                checkout scm
                sh './build shop "$(git rev-parse HEAD)"'
                script {
                    def sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
                    recordImage(
                        service: 'shop', image: 'docker.example.com/acme/shop', tag: sha, metadataFile: 'shop.json')
                }
            }
        }
        stage('Deliver') {
            steps {
                commitConfig(wave: 'staging')
                waitForCiAndMerge()
            }
        }
    }
}
