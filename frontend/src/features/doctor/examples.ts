/** Invented mail, for people who want to see first what they would get. */
export const exampleBounce = `From: Mail Delivery System <MAILER-DAEMON@mx.office.example>
To: li.lei@office.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

<han.meimei@shop.example>: host mx1.shop.example[192.0.2.25] said: 554 5.7.1
    Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.office.example
Arrival-Date: Mon, 2 Nov 2026 09:12:01 +0800 (CST)

Final-Recipient: rfc822; han.meimei@shop.example
Action: failed
Status: 5.7.1
Remote-MTA: dns; mx1.shop.example
Diagnostic-Code: smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.9]
    blocked using zen.spamhaus.org

Final-Recipient: rfc822; wei.hua@shop.example
Action: failed
Status: 5.2.2
Remote-MTA: dns; mx1.shop.example
Diagnostic-Code: smtp; 552 5.2.2 Mailbox is full

--b1
Content-Type: message/rfc822

From: Li Lei <li.lei@office.example>
To: han.meimei@shop.example, wei.hua@shop.example
Subject: Quotation
Date: Mon, 2 Nov 2026 09:12:00 +0800

--b1--
`;

export const exampleHeader = `Received: from mx1.shop.example (mx1.shop.example [192.0.2.25])
	by store3.shop.example with LMTP; Mon, 2 Nov 2026 09:24:40 +0800 (CST)
Received: from mail.office.example (unknown [192.0.2.9])
	by mx1.shop.example (Postfix) with ESMTPS id 4AbC
	for <han.meimei@shop.example>; Mon, 2 Nov 2026 09:24:31 +0800 (CST)
Received: from pc7 (unknown [198.51.100.7])
	by mail.office.example (Postfix) with ESMTPSA id 4XyZ;
	Mon, 2 Nov 2026 09:12:01 +0800 (CST)
X-Spam-Flag: YES
X-Spam-Status: Yes, score=7.2 required=5.0 tests=BAYES_99=3.5,RDNS_NONE=1.3,
	SPF_SOFTFAIL=0.7,URIBL_DBL_SPAM=1.2,MISSING_MID=0.5 autolearn=no
Authentication-Results: mx1.shop.example; spf=softfail smtp.mailfrom=office.example;
	dmarc=fail (p=quarantine) header.from=office.example
From: Li Lei <li.lei@office.example>
Reply-To: office.lilei@elsewhere.example
To: han.meimei@shop.example
Subject: Quotation
Date: Mon, 2 Nov 2026 09:12:00 +0800
`;
