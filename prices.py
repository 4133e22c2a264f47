"""AWS's list prices, for both operator commands: USD, us-east-1, without free tiers.

As AWS's price list said them then. Source: aws.amazon.com/pricing.
"""

from __future__ import annotations

PRICED = "November 2025"
PRICES = {
    "Logs GB in": 0.50,
    "Logs GB-month": 0.03,
    "S3 GB-month": 0.023,
    "S3 PUT, LIST": 0.005 / 1_000,
    "S3 GET": 0.0004 / 1_000,
    "S3 GB to another region": 0.02,
    "S3 GB to the internet": 0.09,
    "SNS publish": 0.50 / 1e6,
    "SQS request": 0.40 / 1e6,
    "Lambda invocation": 0.20 / 1e6,
    "Lambda GB-second": 0.0000166667,
    "DynamoDB write": 0.625e-6,
    "DynamoDB read": 0.125e-6,
    "DynamoDB GB-month": 0.25,
    "DynamoDB recovery GB-month": 0.20,
    "CloudWatch alarm": 0.10,
    "CloudWatch metric": 0.30,
    "CloudWatch request": 0.01 / 1_000,
    "KMS request": 0.03 / 10_000,
}
