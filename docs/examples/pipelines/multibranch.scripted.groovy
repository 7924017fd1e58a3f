// Every branch is built; only main delivers. Pull requests never reach the config repository.
def sha
node {
    checkout scm
    sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
    withEnv(["TAG=${sha}"]) { sh './build shop "$TAG"' }
    recordImage(service: 'shop', image: 'docker.example.com/acme/shop', tag: sha, metadataFile: 'shop.json')
}
if (env.BRANCH_NAME == 'main') {
    commitConfig(wave: 'staging', appSha: sha)
    waitForCiAndMerge()
} else {
    commitConfig(wave: 'staging', appSha: sha, dryRun: true)    // the build page shows what would change
}
