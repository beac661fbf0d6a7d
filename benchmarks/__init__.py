"""What uPay's speed is measured with: side by side with peers, in one run, on one machine."""
