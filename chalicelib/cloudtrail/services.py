"""Services as people call them, by the name that eventSource begins with.

Source: what the services' own user guides call them, without "AWS" and "Amazon" where that tells.
"""

from __future__ import annotations

# One text, as it is imported on every alert's way: `name=what people say`, between semicolons.
_SERVICES = """
abuse=Abuse Signal; access-analyzer=IAM Access Analyzer; account=the account;
account-access=Account Access; acm=Certificate Manager; acm-pca=Private CA; aco-automation=Compute
Optimizer; agent-discovery=Agent Discovery; agent-registry=Agent Registry;
agreement-marketplace=AWS Marketplace; aidevops=DevOps Agent; aiops=CloudWatch Investigations;
airflow=Managed Airflow; airflow-serverless=Managed Airflow; amplify=Amplify;
amplifybackend=Amplify; amplifyuibuilder=Amplify; aoss=OpenSearch Serverless; apigateway=API
Gateway; apiportal=API Gateway Portals; app-integrations=AppIntegrations; appconfig=AppConfig;
appfabric=AppFabric; appflow=AppFlow; application-autoscaling=Application Auto Scaling;
application-cost-profiler=Application Cost Profiler; application-signals=Application Signals;
applicationinsights=Application Insights; appmesh=App Mesh; apprunner=App Runner;
appstream=AppStream; appsync=AppSync; aps=Managed Prometheus; arc-region-switch=ARC Region Switch;
arc-zonal-shift=ARC Zonal Shift; artifact=Artifact; athena=Athena; auditmanager=Audit Manager;
autoscaling=Auto Scaling; autoscaling-plans=Auto Scaling Plans; aws-marketplace=AWS Marketplace;
awsssoportal=the access portal; b2bi=B2B Data Interchange; backup=AWS Backup; backup-gateway=Backup
Gateway; backup-search=AWS Backup; batch=Batch; bcm-dashboards=Billing and Cost Management;
bcm-data-exports=Data Exports; bcm-pricing-calculator=Pricing Calculator;
bcm-recommended-actions=Billing and Cost Management; bedrock=Bedrock; bedrock-agentcore=Bedrock
AgentCore; billing=Billing; billingconductor=Billing Conductor; braket=Braket; budgets=Budgets;
cases=Connect Cases; cassandra=Keyspaces; ce=Cost Explorer; chatbot=Chatbot; chime=Chime;
cleanrooms=Clean Rooms; cleanrooms-ml=Clean Rooms ML; cloud9=Cloud9; cloudcontrolapi=Cloud Control
API; clouddirectory=Cloud Directory; cloudformation=CloudFormation; cloudfront=CloudFront;
cloudfront-keyvaluestore=CloudFront; cloudhsm=CloudHSM; cloudsearch=CloudSearch;
cloudshell=CloudShell; cloudtrail=CloudTrail; cloudtrail-data=CloudTrail; cloudwatch=CloudWatch;
codeartifact=CodeArtifact; codebuild=CodeBuild; codecatalyst=CodeCatalyst; codecommit=CodeCommit;
codeconnections=CodeConnections; codedeploy=CodeDeploy; codeguru-profiler=CodeGuru Profiler;
codeguru-reviewer=CodeGuru Reviewer; codeguru-security=CodeGuru Security;
codepipeline=CodePipeline; codestar-connections=CodeConnections; codestar-notifications=CodeStar
Notifications; cognito-identity=Cognito; cognito-idp=Cognito; cognito-sync=Cognito;
comprehend=Comprehend; comprehendmedical=Comprehend Medical; compute-optimizer=Compute Optimizer;
config=Config; connect=Connect; connect-campaigns=Connect Campaigns; continuum=Continuum;
controlcatalog=Control Catalog; controltower=Control Tower; cost-optimization-hub=Cost Optimization
Hub; cur=Cost and Usage Reports; databrew=DataBrew; dataexchange=Data Exchange; datapipeline=Data
Pipeline; datasync=DataSync; datazone=DataZone; dax=DAX; deadline=Deadline Cloud;
detective=Detective; devicefarm=Device Farm; devops-guru=DevOps Guru; directconnect=Direct Connect;
discovery=Application Discovery; discovery-marketplace=AWS Marketplace; dlm=Data Lifecycle Manager;
dms=Database Migration Service; docdb-elastic=DocumentDB; drs=Elastic Disaster Recovery;
ds=Directory Service; ds-data=Directory Service; dsql=Aurora DSQL; dynamodb=DynamoDB; ebs=EBS;
ec2=EC2; ec2-instance-connect=EC2 Instance Connect; ecr=ECR; ecr-public=ECR Public; ecs=ECS;
eks=EKS; eks-auth=EKS; elasticache=ElastiCache; elasticbeanstalk=Elastic Beanstalk;
elasticfilesystem=EFS; elasticloadbalancing=Elastic Load Balancing; elasticmapreduce=EMR;
elemental-inference=Elemental Inference; emr-containers=EMR on EKS; emr-serverless=EMR Serverless;
end-user-messaging=End User Messaging; entityresolution=Entity Resolution; es=OpenSearch;
events=EventBridge; evs=Elastic VMware Service; execute-api=API Gateway; firehose=Data Firehose;
fis=Fault Injection Service; fms=Firewall Manager; forecast=Forecast; frauddetector=Fraud Detector;
freetier=Free Tier; fsx=FSx; gamelift=GameLift; gameliftstreams=GameLift Streams; geo=Location
Service; geo-maps=Location Service; geo-places=Location Service; geo-routes=Location Service;
glacier=S3 Glacier; globalaccelerator=Global Accelerator; glue=Glue; grafana=Grafana;
greengrass=Greengrass; groundstation=Ground Station; guardduty=GuardDuty; health=AWS Health;
health-agent=Connect Health; healthlake=HealthLake; iam=IAM; identity-sync=IAM Identity Center;
identitystore=IAM Identity Center; imagebuilder=Image Builder; importexport=Import/Export;
inspector=Inspector; inspector-scan=Inspector; inspector2=Inspector; interconnect=Interconnect;
internetmonitor=Internet Monitor; invoicing=Invoicing; iot=IoT; iot-jobs-data=IoT; iotdata=IoT;
iotdeviceadvisor=IoT Device Advisor; iotfleetwise=IoT FleetWise; iotmanagedintegrations=IoT Managed
Integrations; IoTSecuredTunneling=IoT Secure Tunneling; iotsitewise=IoT SiteWise;
iotthingsgraph=IoT Things Graph; iottwinmaker=IoT TwinMaker; iotwireless=IoT Wireless;
ivs=Interactive Video Service; ivschat=Interactive Video Service; kafka=MSK; kafkaconnect=MSK
Connect; kendra=Kendra; kendra-ranking=Kendra; kinesis=Kinesis; kinesisanalytics=Managed Flink;
kinesisvideo=Kinesis Video Streams; kms=KMS; lakeformation=Lake Formation; lambda=Lambda;
launchwizard=Launch Wizard; lex=Lex; license-manager=License Manager;
license-manager-linux-subscriptions=License Manager; license-manager-user-subscriptions=License
Manager; lightsail=Lightsail; logs=CloudWatch Logs; lookoutequipment=Lookout for Equipment;
m2=Mainframe Modernization; machinelearning=Machine Learning; macie2=Macie;
managedblockchain=Managed Blockchain; managedblockchain-query=Managed Blockchain;
marketplacecommerceanalytics=AWS Marketplace; mediaconnect=MediaConnect; mediaconvert=MediaConvert;
medialive=MediaLive; mediapackage=MediaPackage; mediapackage-vod=MediaPackage;
mediapackagev2=MediaPackage; mediastore=MediaStore; mediatailor=MediaTailor;
medical-imaging=HealthImaging; memorydb=MemoryDB; mgh=Migration Hub; mgn=Application Migration
Service; migrationhub-orchestrator=Migration Hub Orchestrator; migrationhub-strategy=Migration Hub
Strategy; mobiletargeting=Pinpoint; monitoring=CloudWatch; mpa=Multi-party Approval; mq=Amazon MQ;
mturk-requester=Mechanical Turk; neptune-db=Neptune; neptune-graph=Neptune Analytics;
network-firewall=Network Firewall; network-security-manager=Network Security Manager;
networkflowmonitor=Network Flow Monitor; networkmanager=Network Manager; networkmonitor=Network
Monitor; notifications=User Notifications; notifications-contacts=User Notifications; nova-act=Nova
Act; oam=Observability Access Manager; observabilityadmin=CloudWatch; odb=Oracle Database@AWS;
omics=HealthOmics; organizations=Organizations; osis=OpenSearch Ingestion; osm=OpenSearch;
outposts=Outposts; partnercentral=Partner Central; partnercentral-account=Partner Central;
partnercentral-benefits=Partner Central; partnercentral-channel=Partner Central;
partnercentral-marketing=Partner Central; partnercentral-selling=Partner Central;
payment-cryptography=Payment Cryptography; payments=Payments; pca-connector-ad=Private CA;
pca-connector-scep=Private CA; pcs=Parallel Computing Service; personalize=Personalize;
pi=Performance Insights; pipes=EventBridge Pipes; polly=Polly; pricing=the price list;
pricingplanmanager=Pricing Plan Manager; profile=Customer Profiles; proton=Proton; q=Amazon Q;
qapps=Q Apps; qbusiness=Q Business; quicksight=QuickSight; ram=Resource Access Manager;
rbin=Recycle Bin; rds=RDS; rds-data=RDS; redshift=Redshift; redshift-data=Redshift;
redshift-serverless=Redshift Serverless; refactor-spaces=Refactor Spaces; rekognition=Rekognition;
repostspace=re:Post Private; resiliencehub=Resilience Hub; resource-explorer-2=Resource Explorer;
resource-groups=Resource Groups; rolesanywhere=IAM Roles Anywhere; route53=Route 53;
route53-recovery-cluster=Route 53 Recovery; route53-recovery-control-config=Route 53 Recovery;
route53-recovery-readiness=Route 53 Recovery; route53domains=Route 53 Domains;
route53globalresolver=Route 53 Global Resolver; route53profiles=Route 53 Profiles;
route53resolver=Route 53 Resolver; rtbfabric=RTB Fabric; rum=CloudWatch RUM; s3=S3;
s3-object-lambda=S3 Object Lambda; s3-outposts=S3 on Outposts; s3express=S3; s3files=S3 Files;
s3tables=S3 Tables; s3vectors=S3 Vectors; sagemaker=SageMaker; sagemaker-geospatial=SageMaker;
savingsplans=Savings Plans; scheduler=EventBridge Scheduler; schemas=EventBridge Schemas;
scn=Supply Chain; sdb=SimpleDB; secretsmanager=Secrets Manager; security-ir=Security Incident
Response; securityagent=Security Agent; securityhub=Security Hub; securitylake=Security Lake;
serverlessrepo=the Serverless Application Repository; servicecatalog=Service Catalog;
servicecatalog-appregistry=Service Catalog; servicediscovery=Cloud Map; servicequotas=Service
Quotas; ses=SES; shield=Shield; signer=Signer; signin=the console's sign-in; sms-voice=End User
Messaging; snow-device-management=Snow Device Management; snowball=Snowball; sns=SNS;
social-messaging=Social Messaging; sqs=SQS; ssm=Systems Manager; ssm-contacts=Incident Manager;
ssm-guiconnect=Systems Manager; ssm-incidents=Incident Manager; ssm-quicksetup=Systems Manager;
ssm-sap=Systems Manager for SAP; sso=IAM Identity Center; sso-directory=IAM Identity Center;
sso-oauth=IAM Identity Center; states=Step Functions; storagegateway=Storage Gateway; sts=STS;
support=AWS Support; supportapp=AWS Support; supportauthz=AWS Support;
sustainability=Sustainability; swf=Simple Workflow; synthetics=CloudWatch Synthetics;
tagging=Resource Groups; tax=Tax Settings; textract=Textract; thinclient=WorkSpaces Thin Client;
timestream=Timestream; timestream-influxdb=Timestream; transcribe=Transcribe; transfer=Transfer
Family; translate=Translate; trustedadvisor=Trusted Advisor; uxc=the console;
verifiedpermissions=Verified Permissions; voiceid=Voice ID; vpc-lattice=VPC Lattice; waf=WAF;
waf-regional=WAF; wafv2=WAF; wellarchitected=Well-Architected Tool; wickr=Wickr; wisdom=Q in
Connect; workdocs=WorkDocs; workmail=WorkMail; workmailmessageflow=WorkMail; workspaces=WorkSpaces;
workspaces-instances=WorkSpaces; workspaces-web=WorkSpaces Secure Browser; xray=X-Ray
"""
SERVICES = dict(entry.split("=") for entry in " ".join(_SERVICES.split()).split("; "))
