// One cell for each service of a monorepo; all images go into one change.
pipeline {
    agent none
    stages {
        stage('Build') {
            matrix {
                axes {
                    axis {
                        name 'SERVICE'
                        values 'shop', 'blog', 'search'
                    }
                }
                agent any
                stages {
                    stage('Image') {
                        steps {
                            checkout scm
                            sh './build "$SERVICE" "$(git rev-parse HEAD)"'
                            script {
                                def sha = sh(script: 'git rev-parse HEAD', returnStdout: true).trim()
                                recordImage(
                                    service: SERVICE, image: "docker.example.com/acme/${SERVICE}", tag: sha,
                                    metadataFile: "${SERVICE}.json")
                            }
                        }
                    }
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
