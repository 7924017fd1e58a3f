// Tells a channel how a delivery ended. SLACK_HOOK is the address of an incoming webhook; with the Slack plugin it is
// slackSend(message: …) instead.
def tell(String text) {
    node {
        withEnv(["TEXT=${text}"]) {
            sh 'curl -fsS --max-time 20 --data-urlencode "payload={\\"text\\": \\"$TEXT\\"}" "$SLACK_HOOK"'
        }
    }
}

node {
    checkout scm
    def sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
    withEnv(["TAG=${sha}"]) { sh './build shop "$TAG"' }
    recordImage(service: 'shop', image: 'docker.example.com/acme/shop', tag: sha, metadataFile: 'shop.json')
}
try {
    commitConfig(wave: 'staging')
    def merged = waitForCiAndMerge()
    tell("shop was ${merged.outcome} after ${merged.waited} seconds")
} catch (e) {
    tell("shop was not delivered, see ${env.BUILD_URL}")
    throw e
}
