// Tells a channel how a delivery ended. SLACK_HOOK is the address of an incoming webhook; with the Slack plugin it is
// slackSend(message: …) instead.
pipeline {
    agent any
    stages {
        stage('Build') {
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
    post {
        success { sh 'curl -fsS --max-time 20 --data-urlencode "payload={\\"text\\": \\"shop was delivered\\"}" "$SLACK_HOOK"' }
        failure { sh 'curl -fsS --max-time 20 --data-urlencode "payload={\\"text\\": \\"$BUILD_URL failed\\"}" "$SLACK_HOOK"' }
    }
}
